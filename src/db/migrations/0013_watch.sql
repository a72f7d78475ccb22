-- The watch: what it looks at, and what it has seen. Its rows belong to CallAssist itself, as lines do.

-- each worker, written from inside its loop: when its last cycle finished
create table heartbeat (
  organisation_id uuid not null references organisation,
  worker_id       uuid not null,               -- made at its start
  started_at      timestamptz not null,
  beat_at         timestamptz not null,
  primary key (organisation_id, worker_id)
);

-- the watch's own: its last look, which is also how it finds out whether anything can be written at all
create table watch_look (
  organisation_id uuid primary key references organisation,
  looked_at       timestamptz not null
);

-- what is not well, so that a watch that starts anew tells nobody twice
create table alarm (
  organisation_id uuid not null references organisation,
  kind            text not null,
  subject         text not null,               -- a line's name, or nothing
  state           text not null check (state in ('seen', 'raised', 'over')),
  since           timestamptz not null,
  good            integer not null,            -- good looks in a row, while raised
  told_at         timestamptz,                 -- null: nobody could be told yet
  primary key (organisation_id, kind, subject)
);

-- the call that proves that calls are made: to a number that answers by itself and presses a key
create table watch_call (
  organisation_id uuid not null references organisation,
  id              uuid not null,
  made_at         timestamptz not null,
  ended_at        timestamptz,
  result          text,
  code            text,
  primary key (organisation_id, id)
);

alter table outgoing drop constraint outgoing_purpose_check;
alter table outgoing add constraint outgoing_purpose_check
  check (purpose in ('call', 'alert', 'all-clear', 'verification', 'recording', 'test', 'ring-back', 'news', 'watch'));

-- Is anything heard of the latest calls? Does the mail server take anything?
create index outgoing_placed on outgoing (placed_at) where kind = 'call' and placed_at is not null;
create index email_sent on email (ended_at) where state = 'sent';

do $$
declare t text;
begin
  foreach t in array array['heartbeat', 'watch_look', 'alarm', 'watch_call']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy own_organisation on %I using (app_organisation() = ''all'' or organisation_id = case when app_organisation() <> ''all'' then nullif(app_organisation(), '''')::uuid end)', t);
  end loop;
end $$;
