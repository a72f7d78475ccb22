-- Who texts back is looked for among everybody who was ever told, and an operator's own alerts among all that were ever
-- accepted: work must grow with what is open, not with what has been.
create index notification_by_person on notification (organisation_id, person_id);
create index alert_in_hands on alert (organisation_id, accepted_by) where state = 'accepted';
