-- Contact numbers are confirmed by a code (docs/decisions/0026), and what is neither a call nor an alert is limited.

-- a number is confirmed, or somebody there has said that they are not this person, as long as it stays the same number
alter table person
  add column confirmed_phone text,
  add column confirmed_at    timestamptz,
  add column denied_phone    text;

-- a call to an unconfirmed number asks first who is there
alter table notification add column asks_name boolean not null default false;

-- a code that was sent to a number
create table verification (
  organisation_id uuid not null references organisation,
  id              uuid not null,               -- the digits come out of it and SECRET
  person_id       uuid not null,
  service_id      uuid not null,               -- for which it was asked
  number          text not null,               -- E.164
  channel         text not null check (channel in ('call', 'text')),
  asked_by        uuid not null,
  asker_name      text not null,
  tries           integer not null default 0,  -- wrong codes typed
  sent_at         timestamptz not null,
  result          text,                        -- what became of the call or text
  ended_at        timestamptz,                 -- confirmed, or another was sent
  primary key (organisation_id, id),
  foreign key (organisation_id, person_id) references person,
  foreign key (organisation_id, service_id) references service
);
create index verification_by_person on verification (organisation_id, person_id, sent_at desc);
create index verification_by_number on verification (number, sent_at);

alter table verification enable row level security;
alter table verification force row level security;
create policy own_organisation on verification using (app_organisation() = 'all' or organisation_id = case when app_organisation() <> 'all' then nullif(app_organisation(), '')::uuid end);

-- Toll fraud: which countries an organisation's calls and texts may go to, and on whose wish something was asked for.
alter table organisation add column countries text[] not null default '{GB,JE,GG,IM}';
alter table outgoing add column asked_by uuid;
create index outgoing_extras on outgoing (line_id, created_at) where purpose in ('test', 'verification', 'recording');
