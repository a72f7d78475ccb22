-- The past (docs/decisions/0032): calls that are long over, with all that belongs to them, month by month. The living tables stay as
-- small as three months are, however long CallAssist has been at work; an actor of the worker moves rows here (src/past), and a month
-- can be taken away as a whole.
--
-- Each table here is a living table of that name: its columns in their order, after the month in which the call was due (the first day,
-- by UTC's calendar). Whoever adds a column there adds it here, too; a test says so. No key leads from here to another table, so that a
-- month can go.
create schema past;

create table past.call              (month date not null, like call,              primary key (organisation_id, month, id))              partition by range (month);
create table past.attempt           (month date not null, like attempt,           primary key (organisation_id, month, call_id, id))     partition by range (month);
create table past.call_event        (month date not null, like call_event,        primary key (organisation_id, month, call_id, id))     partition by range (month);
create table past.alert             (month date not null, like alert,             primary key (organisation_id, month, id))              partition by range (month);
create table past.alert_event       (month date not null, like alert_event,       primary key (organisation_id, month, alert_id, id))    partition by range (month);
create table past.notification      (month date not null, like notification,      primary key (organisation_id, month, alert_id, id))    partition by range (month);
create table past.outgoing          (month date not null, like outgoing,          primary key (organisation_id, month, id))              partition by range (month);
create table past.provider_exchange (month date not null, like provider_exchange, primary key (organisation_id, month, outgoing_id, id)) partition by range (month);

create index call_by_service on past.call (organisation_id, service_id, month, due_at, id);
create index alert_by_call on past.alert (organisation_id, month, call_id);

-- The application may read the past and add to it, and change nothing. It reaches a month through its whole table only.
grant usage on schema past to callassist_app;
grant select, insert on all tables in schema past to callassist_app;

create procedure past.lock_up(t text) language plpgsql set search_path = past, public, pg_temp as $$
begin
  execute format('alter table past.%I enable row level security', t);
  execute format('alter table past.%I force row level security', t);
  execute format('create policy own_organisation on past.%I using (public.app_organisation() = ''all'' or organisation_id = case when public.app_organisation() <> ''all'' then nullif(public.app_organisation(), '''')::uuid end)', t);
end $$;

do $$
declare t text;
begin
  for t in select relname from pg_class where relnamespace = 'past'::regnamespace and relkind = 'p' loop
    call past.lock_up(t);
  end loop;
end $$;

-- Makes room for a month, given by its first day, in every table where there is none. The application owns no table, so it asks the
-- owner for this one thing. A month is made beside its table and then joined to it: nobody who reads the past waits for that.
create function past.make_month(first date) returns void language plpgsql security definer set search_path = past, pg_temp as $$
declare
  t text;
  part text;
begin
  if extract(day from first) <> 1 then
    raise exception 'a month begins on its first day, not on %', first;
  end if;
  -- two workers at once: the second finds it made
  perform pg_advisory_xact_lock(hashtextextended('past.make_month', 0));
  for t in select relname from pg_class where relnamespace = 'past'::regnamespace and relkind = 'p' order by relname loop
    part := t || '_' || to_char(first, 'YYYY_MM');
    continue when to_regclass(format('past.%I', part)) is not null;
    execute format('create table past.%I (like past.%I including indexes)', part, t);
    call past.lock_up(part);
    execute format('alter table past.%I attach partition past.%I for values from (%L) to (%L)',
      t, part, first, (first + interval '1 month')::date);
  end loop;
end $$;
revoke all on procedure past.lock_up(text) from public;
revoke all on function past.make_month(date) from public;
grant execute on function past.make_month(date) to callassist_app;

-- when long-over calls are looked for again
create table past_look (
  organisation_id uuid primary key references organisation,
  wake_at         timestamptz not null
);
insert into past_look values ('00000000-0000-7000-8000-000000000001', '2026-01-01T00:00:00Z');
alter table past_look enable row level security;
alter table past_look force row level security;
create policy own_organisation on past_look using (app_organisation() = 'all' or organisation_id = case when app_organisation() <> 'all' then nullif(app_organisation(), '')::uuid end);
