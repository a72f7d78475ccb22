-- What an answerphone hears: nothing (it is put down), or a sentence without a name and without a word about health.
alter table service add column voicemail text not null default 'nothing' check (voicemail in ('nothing', 'neutral words'));
alter table outgoing
  add column voicemail_words boolean not null default false,  -- its owner wants the neutral words left
  add column words_at        timestamptz;                     -- when the call was turned over to them
