-- Sign-in's own tables, in the shape that better-auth 1.7 asks for (its migration generator). They belong to no
-- organisation: one person may have roles in several. They are reached through sign-in's own connection only, and
-- hold an e-mail address and sessions, nothing of any service.
create schema signin;

create table signin."user" (
  "id" text primary key,
  "name" text not null,
  "email" text not null unique,
  "emailVerified" boolean not null,
  "image" text,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null default current_timestamp
);
create table signin."session" (
  "id" text primary key,
  "expiresAt" timestamptz not null,
  "token" text not null unique,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null,
  "ipAddress" text,
  "userAgent" text,
  "userId" text not null references signin."user" ("id") on delete cascade
);
create index "session_userId_idx" on signin."session" ("userId");
create table signin."account" (
  "id" text primary key,
  "accountId" text not null,
  "providerId" text not null,
  "userId" text not null references signin."user" ("id") on delete cascade,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  "scope" text,
  "password" text,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null
);
create index "account_userId_idx" on signin."account" ("userId");
create table signin."verification" (
  "id" text primary key,
  "identifier" text not null,
  "value" text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null default current_timestamp
);
create index "verification_identifier_idx" on signin."verification" ("identifier");
create table signin."rateLimit" (
  "id" text primary key,
  "key" text not null unique,
  "count" integer not null,
  "lastRequest" bigint not null
);

do $$ begin
  execute 'grant usage on schema signin to callassist_app';
  execute 'grant select, insert, update, delete on all tables in schema signin to callassist_app';
end $$;
