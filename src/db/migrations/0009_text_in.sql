-- A text that came in, so that one whose webhook comes twice is acted upon once. Neither its words nor its sender are kept. Lines belong
-- to the families' organisation, and so do these.
create table text_in (
  organisation_id uuid not null references organisation,
  provider_sid    text not null,
  line_id         uuid not null,
  taken_at        timestamptz not null,
  done_at         timestamptz,                 -- null: somebody is at it, or was lost with it
  primary key (organisation_id, provider_sid)
);

alter table text_in enable row level security;
alter table text_in force row level security;
create policy own_organisation on text_in using (app_organisation() = 'all' or organisation_id = case when app_organisation() <> 'all' then nullif(app_organisation(), '')::uuid end);
