select guard_throttle_give($1::bytea[], $2::boolean);
