-- Forecast: of which peaks the organisation was warned, so that it is warned of each once.
create table forecast_warning (
  organisation_id uuid not null references organisation,
  line_id         uuid not null,
  peak_at         timestamptz not null,        -- when its first call is due
  warned_at       timestamptz not null,
  primary key (organisation_id, line_id, peak_at)
);
-- when the coming day is looked at again
create table forecast_look (
  organisation_id uuid primary key references organisation,
  wake_at         timestamptz not null
);
insert into forecast_look values ('00000000-0000-7000-8000-000000000001', '2026-01-01T00:00:00Z');
alter table forecast_look enable row level security;
alter table forecast_look force row level security;
create policy own_organisation on forecast_look using (app_organisation() = 'all' or organisation_id = case when app_organisation() <> 'all' then nullif(app_organisation(), '')::uuid end);

alter table forecast_warning enable row level security;
alter table forecast_warning force row level security;
create policy own_organisation on forecast_warning using (app_organisation() = 'all' or organisation_id = case when app_organisation() <> 'all' then nullif(app_organisation(), '')::uuid end);

-- How first, second and third tries of the last weeks went, by when they were made
create index attempt_by_start on attempt (started_at);
