-- Every call that an alert is about: the one that raised it, and those that joined it (docs/decisions/0028). `alert.call_id` stays
-- the first. A call belongs to one alert at most.
create table alert_call (
  organisation_id uuid not null references organisation,
  call_id         uuid not null,
  alert_id        uuid not null,
  joined_at       timestamptz not null,
  primary key (organisation_id, call_id),
  foreign key (organisation_id, alert_id) references alert
);
create index alert_call_by_alert on alert_call (organisation_id, alert_id);

insert into alert_call select organisation_id, call_id, id, opened_at from alert;

do $$
declare t text;
begin
  foreach t in array array['alert_call']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy own_organisation on %I using (app_organisation() = ''all'' or organisation_id = case when app_organisation() <> ''all'' then nullif(app_organisation(), '''')::uuid end)', t);
  end loop;
end $$;
