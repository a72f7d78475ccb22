-- Alerts of several receivers reach one person in one call or one text: their notifications then share its outgoing.
create index notification_by_outgoing on notification (organisation_id, outgoing_id) where outgoing_id is not null;

alter table notification
  add column code  text,      -- two digits by which a text back means this alert; the same at one number for one alert
  add column asked integer;   -- of a call about several: the prompt in which this one was asked about last
