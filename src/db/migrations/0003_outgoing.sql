-- Lines: what an outgoing must remember beyond its first schema.
alter table outgoing
  add column hang_up   boolean not null default false,  -- its owner no longer wants it
  add column served_at timestamptz;                     -- when our words were last fetched; null again after the fallback

-- Two calls never ring one number at once: not by two lines either, and not for two organisations.
drop index outgoing_busy_numbers;
create unique index outgoing_busy_numbers on outgoing (to_number) where kind = 'call' and state not in ('waiting', 'ended');
