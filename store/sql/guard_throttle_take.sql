select guard_throttle_take($1::bytea[], $2::bigint[], $3::bigint[]);
