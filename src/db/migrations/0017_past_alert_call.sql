-- Which calls an alert was about goes to the past with that alert: 0015 made the past before it knew of 0014.
create table past.alert_call (month date not null, like alert_call, primary key (organisation_id, month, call_id)) partition by range (month);
create index alert_call_by_alert on past.alert_call (organisation_id, month, alert_id);
grant select, insert on past.alert_call to callassist_app;
call past.lock_up('alert_call');
