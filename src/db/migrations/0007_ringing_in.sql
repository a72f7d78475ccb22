-- Ringing in: calls that come in, what they lead to, and the PIN that proves who rings.

-- A PIN is kept as a keyed hash (src/services/pin.ts). No page has ever asked for one, so none is lost.
alter table service drop column pin;
alter table service add column pin_hash text;

-- a call that came in, and its conversation
create table incoming (
  organisation_id uuid not null references organisation,
  id              uuid not null,
  line_id         uuid not null,
  from_number     text,                        -- E.164; null: withheld
  provider_sid    text not null unique,
  token           uuid not null unique,        -- stands in the addresses of its prompts
  talk            jsonb not null,              -- where the conversation stands
  turn            integer not null default 0,  -- how many answers it has had
  said            jsonb,                       -- our last words, said again to a webhook that comes twice; null once over
  service_id      uuid,                        -- whose receiver it turned out to be
  done            jsonb not null default '[]', -- what was done in it, in order
  started_at      timestamptz not null,
  ended_at        timestamptz,
  wake_at         timestamptz,                 -- when it is over, whatever we are told; null once it is
  primary key (organisation_id, id),
  foreign key (organisation_id, service_id) references service,
  check ((ended_at is null) = (wake_at is not null))
);
create index incoming_due on incoming (wake_at) where wake_at is not null;
create index incoming_by_service on incoming (organisation_id, service_id, started_at desc);

-- a wish that the receiver confirms when we ring the number that we know
create table ring_back (
  organisation_id uuid not null references organisation,
  id              uuid not null,
  service_id      uuid not null,
  incoming_id     uuid not null,
  wish            jsonb not null,
  to_number       text not null,
  state           text not null check (state in ('waiting', 'ringing', 'done', 'not confirmed')),
  tries           integer not null default 0,
  outgoing_id     uuid,
  wake_at         timestamptz,                 -- when it is rung; the line tells of the end of a ring
  created_at      timestamptz not null,
  ended_at        timestamptz,
  primary key (organisation_id, id),
  foreign key (organisation_id, service_id) references service,
  foreign key (organisation_id, incoming_id) references incoming on update cascade
);
create index ring_back_due on ring_back (wake_at) where wake_at is not null;
create index ring_back_by_service on ring_back (organisation_id, service_id, created_at desc);

-- a PIN that was wrong: five within an hour, and none is taken for an hour
create table wrong_pin (
  organisation_id uuid not null references organisation,
  id              uuid not null,
  service_id      uuid,                        -- whose PIN it was to be; null: no number of ours
  from_number     text,                        -- who rang; null: withheld
  at              timestamptz not null,
  primary key (organisation_id, id)
);
create index wrong_pin_by_service on wrong_pin (service_id, at) where service_id is not null;
create index wrong_pin_by_number on wrong_pin (from_number, at) where from_number is not null;

-- one person told of a pause, a stop or a start, over one channel after another until one has worked
create table news (
  organisation_id uuid not null references organisation,
  id              uuid not null,
  service_id      uuid not null,
  person_id       uuid not null,
  tidings         jsonb not null,
  channel         text not null check (channel in ('text', 'email', 'call')),
  outgoing_id     uuid,
  email_id        uuid,
  created_at      timestamptz not null,
  ended_at        timestamptz,
  result          text,
  primary key (organisation_id, id),
  foreign key (organisation_id, service_id) references service,
  foreign key (organisation_id, person_id) references person
);
create index news_by_service on news (organisation_id, service_id, id);

-- a message that a caller left for the organisation
create table left_message (
  organisation_id uuid not null references organisation,
  id              uuid not null,
  incoming_id     uuid not null,
  recording_sid   text not null unique,        -- the provider's
  seconds         integer not null,
  recording_id    uuid,                        -- ours, once it was fetched
  wake_at         timestamptz,                 -- when it is fetched, or deleted at the provider; null: nothing to do
  tries           integer not null default 0,
  trouble         text,                        -- why it is not here yet, for operators
  left_at         timestamptz not null,
  dealt_with_at   timestamptz,
  dealt_with_by   uuid,
  primary key (organisation_id, id),
  foreign key (organisation_id, incoming_id) references incoming on update cascade,
  foreign key (organisation_id, recording_id) references recording,
  foreign key (organisation_id, dealt_with_by) references person
);
create index left_message_due on left_message (wake_at) where wake_at is not null;
create index left_message_open on left_message (organisation_id, left_at) where dealt_with_at is null;

alter table outgoing drop constraint outgoing_purpose_check;
alter table outgoing add constraint outgoing_purpose_check
  check (purpose in ('call', 'alert', 'all-clear', 'verification', 'recording', 'test', 'ring-back', 'news'));
alter table email drop constraint email_purpose_check;
alter table email add constraint email_purpose_check
  check (purpose in ('alert', 'all-clear', 'sign-in', 'summary', 'news'));

do $$
declare t text;
begin
  foreach t in array array['incoming', 'ring_back', 'wrong_pin', 'news', 'left_message']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy own_organisation on %I using (app_organisation() = ''all'' or organisation_id = case when app_organisation() <> ''all'' then nullif(app_organisation(), '''')::uuid end)', t);
  end loop;
end $$;
