-- Schedules by text: how a call's attempts are made, copied to the call when it is planned, and which way each attempt went.
alter table schedule
  add column by text not null default 'call' check (by in ('call', 'text', 'call then text', 'text then call'));
alter table call
  add column by text not null default 'call' check (by in ('call', 'text', 'call then text', 'text then call'));
alter table attempt
  add column way text not null default 'call' check (way in ('call', 'text'));

-- Whoever texts in is known by the number.
create index service_by_phone on service using gin (phones);
