-- Recording by telephone (docs/decisions/0022).

-- one go at recording a message by telephone: the line rings somebody, or somebody with a code rings the line
create table take (
  organisation_id uuid not null references organisation,
  id              uuid not null,
  service_id      uuid,                        -- null: for a service that is still being set up
  message_id      uuid,                        -- whose recording it becomes when it is kept; null: chosen on a page
  use_path        text,                        -- where the page's button "Use this recording" leads; null: there is no page
  kind            text not null check (kind in ('reminder', 'check-in', 'both')),
  receiver_name   text not null,
  asked_by        uuid not null,               -- the person who wished it, and speaks
  to_number       text,                        -- E.164; null: it was the recorder who rang
  outgoing_id     uuid,
  state           text not null check (state in ('ringing', 'asking', 'recording', 'waiting', 'late', 'listening', 'over')),
  is_told         boolean not null,            -- the person on the telephone has heard of this state
  silences        integer not null,
  waits           integer not null,
  tries           integer not null,
  tape_id         uuid,                        -- what was recorded last
  recording_id    uuid,                        -- the newest that was found good, encrypted
  trouble         text,                        -- why the newest was not
  ending          text,
  created_at      timestamptz not null,
  ended_at        timestamptz,
  primary key (organisation_id, id),
  foreign key (organisation_id, service_id) references service,
  foreign key (organisation_id, recording_id) references recording,
  check ((state = 'over') = (ending is not null))
);
create index take_by_service on take (organisation_id, service_id, created_at desc);
create index take_by_number on take (to_number, created_at);
create index take_by_asker on take (organisation_id, asked_by, created_at);

-- what the provider has recorded and not yet forgotten; the row stays as the proof that it has
create table tape (
  organisation_id uuid not null references organisation,
  id              uuid not null,
  take_id         uuid not null,
  line_id         uuid not null,               -- whose provider has it
  provider_sid    text not null,
  seconds         integer not null,
  state           text not null check (state in ('to fetch', 'to forget', 'forgotten')),
  found           text,                        -- 'good', or why it was not used; null: not fetched yet
  wake_at         timestamptz,                 -- null only when forgotten
  tries           integer not null default 0,  -- times in a row that the provider did not do it
  trouble         text,                        -- what it said the last time
  created_at      timestamptz not null,
  fetched_at      timestamptz,
  forgotten_at    timestamptz,
  primary key (organisation_id, id),
  unique (organisation_id, provider_sid),
  foreign key (organisation_id, take_id) references take,
  check ((state = 'forgotten') = (wake_at is null))
);
create index tape_due on tape (wake_at) where wake_at is not null;
create index tape_by_take on tape (organisation_id, take_id, id);

-- six digits with which somebody may ring the line and record one message
create table recorder_code (
  organisation_id uuid not null references organisation,
  id              uuid not null,
  service_id      uuid not null,
  message_id      uuid not null,
  person_id       uuid not null,               -- who shall speak
  code_hash       text not null unique,        -- the digits come out of the id and SECRET, so they stand nowhere
  created_by      uuid not null,
  created_at      timestamptz not null,
  expires_at      timestamptz not null,
  ended_at        timestamptz,                 -- used, or taken back
  primary key (organisation_id, id),
  foreign key (organisation_id, service_id) references service,
  foreign key (organisation_id, message_id) references message,
  foreign key (organisation_id, person_id) references person
);
create index recorder_code_by_service on recorder_code (organisation_id, service_id, created_at desc);

-- a wrong code: the organisation is the line's, because nobody knows the caller
create table wrong_code (
  organisation_id uuid not null references organisation,
  id              uuid not null,
  from_number     text not null,               -- E.164, or 'withheld'
  at              timestamptz not null,
  primary key (organisation_id, id)
);
create index wrong_code_by_number on wrong_code (from_number, at);

do $$
declare t text;
begin
  foreach t in array array['take', 'tape', 'recorder_code', 'wrong_code']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy own_organisation on %I using (app_organisation() = ''all'' or organisation_id = case when app_organisation() <> ''all'' then nullif(app_organisation(), '''')::uuid end)', t);
  end loop;
end $$;

alter table email drop constraint email_purpose_check;
alter table email add constraint email_purpose_check
  check (purpose in ('alert', 'all-clear', 'sign-in', 'summary', 'news', 'recording'));
