-- The first schema. Every table belongs to an organisation, its key begins with it, and row-level security is the
-- second lock (docs/decisions/0003). A transaction says whose rows it works on by `app.organisation`:
-- an organisation's id, or 'all' for the sweepers, dispatchers and webhooks that first must find out whose row it is.

create function app_organisation() returns text language sql stable
  as $$ select current_setting('app.organisation', true) $$;

-- ── who ────────────────────────────────────────────────────────────────────────────────────────────────────────
create table organisation (
  organisation_id uuid primary key,
  name            text not null,
  kind            text not null check (kind in ('families', 'care', 'example')),
  created_at      timestamptz not null
);

create table person (
  organisation_id uuid not null references organisation,
  id              uuid not null,
  name            text not null,
  phone           text,                       -- E.164
  email           text,                       -- lower case
  created_at      timestamptz not null,
  primary key (organisation_id, id)
);
create index person_by_email on person (email) where email is not null;
create index person_by_phone on person (phone) where phone is not null;

-- who watches the organisation's queue
create table member (
  organisation_id uuid not null references organisation,
  person_id       uuid not null,
  role            text not null check (role in ('operator')),
  primary key (organisation_id, person_id, role),
  foreign key (organisation_id, person_id) references person
);

-- ── what is set up ─────────────────────────────────────────────────────────────────────────────────────────────
create table service (
  organisation_id     uuid not null references organisation,
  id                  uuid not null,
  receiver_id         uuid not null,
  phones              text[] not null check (cardinality(phones) between 1 and 2),   -- E.164, rung in turns
  time_zone           text not null,
  line_id             uuid,                    -- null: the first line
  attempts            integer not null default 3 check (attempts between 1 and 6),
  gap_minutes         integer not null default 5 check (gap_minutes between 1 and 60),
  ring_seconds        integer not null default 30 check (ring_seconds between 20 and 120),
  useful_for_minutes  integer not null default 60 check (useful_for_minutes between 1 and 1440),
  help_key            text check (help_key ~ '^[0-9]$'),
  pin                 text,
  access_notes        text,
  alert_step_minutes  integer not null default 5 check (alert_step_minutes between 1 and 120),
  alert_rounds        integer not null default 3 check (alert_rounds between 1 and 10),
  created_at          timestamptz not null,
  ended_at            timestamptz,
  primary key (organisation_id, id),
  foreign key (organisation_id, receiver_id) references person
);

create table stakeholder (
  organisation_id uuid not null references organisation,
  service_id      uuid not null,
  person_id       uuid not null,
  roles           text[] not null,             -- creator, receiver, recorder, alert receiver, report receiver, payee
  step            integer,                     -- of alert receivers: 1 is told first
  channels        text[] not null default '{}',-- of alert receivers: call, text, email
  primary key (organisation_id, service_id, person_id),
  foreign key (organisation_id, service_id) references service,
  foreign key (organisation_id, person_id) references person,
  check (not ('alert receiver' = any (roles)) or (step is not null and cardinality(channels) > 0))
);
create index stakeholder_by_person on stakeholder (organisation_id, person_id);

create table pause (
  organisation_id uuid not null references organisation,
  id              uuid not null,
  service_id      uuid not null,
  from_date       date not null,               -- local to the receiver, both inclusive
  to_date         date not null,
  reason          text not null,
  created_by      uuid,
  created_at      timestamptz not null,
  ended_at        timestamptz,                 -- taken back before its time
  primary key (organisation_id, id),
  foreign key (organisation_id, service_id) references service,
  check (from_date <= to_date)
);
create index pause_by_service on pause (organisation_id, service_id, to_date);

create table recording (
  organisation_id uuid not null references organisation,
  id              uuid not null,
  file_key        text not null,               -- in the file store, encrypted
  data_key        bytea not null,              -- wrapped; destroying it erases the sound
  duration_ms     integer not null,
  name            text not null,               -- what the recorder or the scenario called it
  recorded_by     uuid,
  created_at      timestamptz not null,
  primary key (organisation_id, id)
);

create table message (
  organisation_id uuid not null references organisation,
  id              uuid not null,
  service_id      uuid not null,
  kind            text not null check (kind in ('preset', 'spoken', 'recording')),
  preset          text not null,               -- of a recording or a spoken text: what is used while it is not there
  spoken_text     text,
  recording_id    uuid,
  created_at      timestamptz not null,
  primary key (organisation_id, id),
  foreign key (organisation_id, service_id) references service,
  foreign key (organisation_id, recording_id) references recording
);

create table schedule (
  organisation_id uuid not null references organisation,
  id              uuid not null,
  service_id      uuid not null,
  message_id      uuid not null,
  kind            text not null check (kind in ('reminder', 'check-in', 'both')),
  local_time      text not null check (local_time ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  days            text[],                      -- mon … sun; or one date
  on_date         date,
  created_at      timestamptz not null,
  ended_at        timestamptz,
  planned_through timestamptz not null,        -- every slot up to here has its row in call
  wake_at         timestamptz,                 -- when the next slots want planning; null: never again
  primary key (organisation_id, id),
  foreign key (organisation_id, service_id) references service,
  foreign key (organisation_id, message_id) references message,
  check ((days is null) <> (on_date is null))
);
create index schedule_due on schedule (wake_at) where wake_at is not null;
create index schedule_by_service on schedule (organisation_id, service_id);

-- a wizard half filled in, or an existing service being changed: saved at every step
create table setup (
  organisation_id uuid not null references organisation,
  id              uuid not null,
  creator_id      uuid not null,
  service_id      uuid,
  answers         jsonb not null,
  version         integer not null default 1,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  finished_at     timestamptz,
  primary key (organisation_id, id),
  foreign key (organisation_id, creator_id) references person
);
create index setup_by_creator on setup (organisation_id, creator_id);

-- ── lines ──────────────────────────────────────────────────────────────────────────────────────────────────────
create table line (
  organisation_id  uuid not null references organisation,
  id               uuid not null,
  name             text not null unique,
  number           text not null,              -- E.164
  provider         text not null check (provider in ('twilio', 'exchange')),
  calls_per_second numeric not null,
  texts_per_second numeric not null,
  concurrent_calls integer not null,
  next_call_at     timestamptz not null default '-infinity',
  next_text_at     timestamptz not null default '-infinity',
  lease_owner      text,
  lease_token      bigint not null default 0,
  lease_until      timestamptz not null default '-infinity',
  primary key (organisation_id, id)
);

-- a call or a text that waits at a line, is on its way, or is over. `owner_*` says for whom it was made.
create table outgoing (
  organisation_id uuid not null references organisation,
  id              uuid not null,
  line_id         uuid not null,
  kind            text not null check (kind in ('call', 'text')),
  purpose         text not null check (purpose in ('call', 'alert', 'all-clear', 'verification', 'recording', 'test')),
  owner_room      text not null,
  owner_id        uuid not null,
  part_id         uuid not null,               -- the owner's attempt or notification
  service_id      uuid,
  to_number       text not null,
  body            text,                        -- of a text
  ring_seconds    integer not null default 30,
  priority        integer not null,            -- smaller first
  useful_until    timestamptz not null,
  token           uuid not null unique,        -- stands in the callback addresses
  state           text not null check (state in ('waiting', 'claimed', 'unknown', 'placed', 'ringing', 'answered', 'ended')),
  wake_at         timestamptz,                 -- when silence becomes an event; null only when waiting or ended
  tries           integer not null default 0,  -- times asked and certainly not processed
  not_before      timestamptz not null,        -- when it may go out
  provider_sid    text,
  sequence        integer not null default -1,
  machine         text,                        -- what machine detection said
  keys            text not null default '',
  silences        integer not null default 0,
  created_at      timestamptz not null,
  claimed_at      timestamptz,
  placed_at       timestamptz,
  rang_at         timestamptz,
  answered_at     timestamptz,
  ended_at        timestamptz,
  result          text,
  result_code     text,                        -- the provider's own, for operators
  primary key (organisation_id, id)
);
create index outgoing_waiting on outgoing (line_id, kind, priority, useful_until, id) where state = 'waiting';
create index outgoing_awake on outgoing (wake_at) where wake_at is not null;
create index outgoing_busy_numbers on outgoing (to_number) where kind = 'call' and state not in ('waiting', 'ended');
create index outgoing_by_owner on outgoing (organisation_id, owner_id);
create index outgoing_by_number on outgoing (to_number, kind, created_at);

-- every exchange with the provider, secrets and message text left out
create table provider_exchange (
  organisation_id uuid not null references organisation,
  id              uuid not null,
  outgoing_id     uuid not null,
  at              timestamptz not null,
  did             text not null,
  answered        text not null,
  took_ms         integer,
  primary key (organisation_id, id)
);
create index provider_exchange_by_outgoing on provider_exchange (organisation_id, outgoing_id);

-- ── calls ──────────────────────────────────────────────────────────────────────────────────────────────────────
create table call (
  organisation_id uuid not null references organisation,
  id              uuid not null,
  service_id      uuid not null,
  schedule_id     uuid,                        -- null: a test call
  is_test         boolean not null default false,
  local_date      date not null,
  local_time      text not null,
  due_at          timestamptz not null,
  useful_until    timestamptz not null,
  state           text not null check (state in ('waiting', 'ringing', 'resting', 'closed')),
  attempt         integer not null default 0,
  wake_at         timestamptz,                 -- null only when closed
  outcome         text check (outcome in ('acknowledged', 'help requested', 'missed', 'not placed', 'skipped')),
  outcome_at      timestamptz,
  acknowledged_by uuid,                        -- a stakeholder who spoke for the receiver
  acknowledged_at timestamptz,                 -- may come after the outcome: the late acknowledgement
  skip_reason     text,
  troubles        integer not null default 0,  -- times in a row that advancing this row failed
  created_at      timestamptz not null,
  primary key (organisation_id, id),
  unique (organisation_id, schedule_id, local_date, local_time),
  foreign key (organisation_id, service_id) references service,
  foreign key (organisation_id, schedule_id) references schedule,
  check ((state = 'closed') = (outcome is not null)),
  check ((state = 'closed') = (wake_at is null))
);
create index call_due on call (wake_at) where wake_at is not null;
create index call_by_service on call (organisation_id, service_id, due_at desc);

create table attempt (
  organisation_id uuid not null references organisation,
  id              uuid not null,
  call_id         uuid not null,
  number          integer not null,            -- 1, 2, 3 …
  to_number       text not null,
  outgoing_id     uuid not null,
  started_at      timestamptz not null,        -- decided; when it rang stands in outgoing
  ended_at        timestamptz,
  result          text,
  primary key (organisation_id, id),
  unique (organisation_id, call_id, number),
  foreign key (organisation_id, call_id) references call
);

create table call_event (
  organisation_id uuid not null references organisation,
  id              uuid not null,
  call_id         uuid not null,
  at              timestamptz not null,
  event           jsonb not null,
  from_state      text not null,
  to_state        text not null,
  primary key (organisation_id, id),
  foreign key (organisation_id, call_id) references call
);
create index call_event_by_call on call_event (organisation_id, call_id, id);

-- ── alerts ─────────────────────────────────────────────────────────────────────────────────────────────────────
create table alert (
  organisation_id uuid not null references organisation,
  id              uuid not null,
  service_id      uuid not null,
  call_id         uuid not null,
  reason          text not null check (reason in ('missed', 'not placed', 'help requested')),
  state           text not null check (state in ('open', 'accepted', 'handed over', 'closed')),
  step            integer not null,
  round           integer not null,
  wake_at         timestamptz,                 -- null only when closed; handed over and accepted alerts wake to remind
  opened_at       timestamptz not null,
  accepted_by     uuid,
  accepted_over   text,
  accepted_at     timestamptz,
  reminded_at     timestamptz,
  handed_over_at  timestamptz,
  closed_at       timestamptz,
  closed_how      text,                        -- she is fine, I am going, get help, all-clear
  closed_by       uuid,
  troubles        integer not null default 0,
  primary key (organisation_id, id),
  unique (organisation_id, call_id),
  foreign key (organisation_id, service_id) references service,
  foreign key (organisation_id, call_id) references call,
  check ((state = 'closed') = (wake_at is null)),
  check (state <> 'accepted' or accepted_by is not null)
);
create index alert_due on alert (wake_at) where wake_at is not null;
create index alert_by_service on alert (organisation_id, service_id, opened_at desc);
create index alert_unfinished on alert (organisation_id, opened_at) where state in ('open', 'handed over');

create table notification (
  organisation_id uuid not null references organisation,
  id              uuid not null,
  alert_id        uuid not null,
  person_id       uuid not null,
  channel         text not null check (channel in ('call', 'text', 'email')),
  tells           text not null check (tells in ('alert', 'accepted', 'all-clear', 'reminder')),
  step            integer not null,
  round           integer not null,
  outgoing_id     uuid,
  email_id        uuid,
  link_token      uuid not null unique,        -- the secret in this person's link
  created_at      timestamptz not null,
  ended_at        timestamptz,
  result          text,                        -- what became of it, in words
  primary key (organisation_id, id),
  foreign key (organisation_id, alert_id) references alert,
  foreign key (organisation_id, person_id) references person
);
create index notification_by_alert on notification (organisation_id, alert_id, id);

create table alert_event (
  organisation_id uuid not null references organisation,
  id              uuid not null,
  alert_id        uuid not null,
  at              timestamptz not null,
  event           jsonb not null,
  from_state      text not null,
  to_state        text not null,
  primary key (organisation_id, id),
  foreign key (organisation_id, alert_id) references alert
);
create index alert_event_by_alert on alert_event (organisation_id, alert_id, id);

-- ── e-mail ─────────────────────────────────────────────────────────────────────────────────────────────────────
create table email (
  organisation_id uuid not null references organisation,
  id              uuid not null,
  purpose         text not null check (purpose in ('alert', 'all-clear', 'sign-in', 'summary')),
  owner_room      text not null,
  owner_id        uuid,
  part_id         uuid,
  service_id      uuid,
  to_name         text not null,
  to_address      text not null,
  subject         text not null,
  html            text not null,
  plain           text not null,
  state           text not null check (state in ('waiting', 'sent', 'failed')),
  tries           integer not null default 0,
  wake_at         timestamptz,                 -- null only when sent or failed
  useful_until    timestamptz not null,
  created_at      timestamptz not null,
  ended_at        timestamptz,
  trouble         text,
  primary key (organisation_id, id)
);
create index email_due on email (wake_at) where wake_at is not null;
create index email_by_owner on email (organisation_id, owner_id);

-- ── the machine's own: no organisation, because none owns it ───────────────────────────────────────────────────
-- how far the movable clock of a laptop stands ahead of real time
create table clock_position (
  only_row boolean primary key default true check (only_row),
  ahead_ms bigint not null
);

-- ── the second lock ────────────────────────────────────────────────────────────────────────────────────────────
do $$
declare t text;
begin
  foreach t in array array['organisation', 'person', 'member', 'service', 'stakeholder', 'pause', 'recording', 'message',
    'schedule', 'setup', 'line', 'outgoing', 'provider_exchange', 'call', 'attempt', 'call_event', 'alert', 'notification',
    'alert_event', 'email']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy own_organisation on %I using (app_organisation() = ''all'' or organisation_id = case when app_organisation() <> ''all'' then nullif(app_organisation(), '''')::uuid end)', t);
  end loop;
end $$;
-- lines are shared: every organisation may read them
create policy everybody_reads on line for select using (app_organisation() is not null);

-- The provider itself, for families who come directly.
insert into organisation (organisation_id, name, kind, created_at)
  select '00000000-0000-7000-8000-000000000001', 'CallAssist', 'families', '2026-01-01T00:00:00Z';
