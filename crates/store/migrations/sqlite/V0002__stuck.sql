-- What did not go at the first trial, for the administrator's board: what is set aside first, then by age.
CREATE INDEX outbox_stuck ON outbox (set_aside DESC, seq) WHERE why IS NOT NULL OR attempts > 1;
