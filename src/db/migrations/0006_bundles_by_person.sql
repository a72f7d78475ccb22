-- Which code a number was given last is asked whenever somebody is told: from the newest on, and not through all that ever was.
drop index notification_by_person;
create index notification_by_person on notification (organisation_id, person_id, id);
