-- When a push channel of the resource is tried next: put off before Google is asked, so that a worker that dies there
-- again and again does not open one channel after the other, and for long where Google refuses push.
ALTER TABLE sync_states ADD COLUMN watch_after timestamptz;
COMMENT ON COLUMN sync_states.watch_after IS 'no push channel is opened before; null where none was tried';
