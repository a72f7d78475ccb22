-- Several lines, at several providers: which provider's a line is, how well it does, and what moves over when it fails.
alter table line drop constraint line_provider_check;  -- from now on: the name of the provider's account in the configuration
alter table line
  add column rank         integer not null default 0,      -- the order of preference: the first is everybody's own line
  add column in_use       boolean not null default true,   -- false: no longer configured
  add column shows_first  boolean not null default false,  -- its provider lets it show the first line's number
  add column health       text not null default 'well' check (health in ('well', 'failed', 'probation')),
  add column health_since timestamptz not null default '-infinity',
  add column troubles     integer not null default 0,      -- in a row, while well
  add column good         integer not null default 0,      -- in a row, on probation
  add column probe_at     timestamptz,                     -- when the provider is asked whether it is back; null while well
  add column probes       integer not null default 0;      -- in vain, since it failed

alter table outgoing
  add column from_number   text,                           -- the number shown, from claiming on
  add column moved_from    uuid,                           -- the line it was meant for, when that one failed
  add column refused_since timestamptz,                    -- refused for now ever since
  add column patience_seconds integer;                     -- how long its owner lets it be refused; null: while it is of use

-- When did this number last ring?
create index outgoing_rung on outgoing (to_number, ended_at) where kind = 'call' and state = 'ended';
