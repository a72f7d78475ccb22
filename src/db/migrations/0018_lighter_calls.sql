-- What makes a morning's peak lighter (docs/decisions/0038).
-- safe: an older process writes no row that the other constraint would not refuse just as well; and the index is soon built, for calls of past months are elsewhere.

-- That their organisation is there is known by the call or the alert that they belong to; to look at the same row for each of thousands
-- costs as much as writing them.
alter table attempt drop constraint attempt_organisation_id_fkey;
alter table call_event drop constraint call_event_organisation_id_fkey;
alter table notification drop constraint notification_organisation_id_fkey;
alter table alert_event drop constraint alert_event_organisation_id_fkey;

-- Many calls wake at one instant: the first two hundred of them are found in their order, and not by sorting all.
drop index call_due;
create index call_due on call (wake_at, id) where wake_at is not null;
