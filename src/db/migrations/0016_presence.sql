-- Who dispatches a line holds this advisory lock as long as its session lives, so that others see at once when it is gone, and need not
-- wait for the end of its lease (docs/decisions/0033). Null: it holds none, and only the lease tells.
alter table line add column lease_lock bigint;
