-- Numbers that no text leaves to any more, over any line and for any organisation: because somebody asked for it, or because they
-- cannot take texts. A row belongs to the organisation in which it was learned (of a text that came in: the line's), and every
-- organisation obeys it, so all may read it.
create table opt_out (
  organisation_id uuid not null references organisation,
  number          text not null,               -- E.164
  why             text not null check (why in ('opted out', 'takes no texts')),
  word            text,                        -- which of the words we know was texted; null: the provider told us
  line_id         uuid,
  at              timestamptz not null,
  ended_at        timestamptz,                 -- whoever has the number asked for texts again
  wake_at         timestamptz,                 -- when the people concerned are told; null: they were
  primary key (organisation_id, number)
);
create index opt_out_by_number on opt_out (number) where ended_at is null;
create index opt_out_due on opt_out (wake_at) where wake_at is not null;

alter table opt_out enable row level security;
alter table opt_out force row level security;
create policy own_organisation on opt_out using (app_organisation() = 'all' or organisation_id = case when app_organisation() <> 'all' then nullif(app_organisation(), '')::uuid end);
create policy everybody_reads on opt_out for select using (app_organisation() is not null);
