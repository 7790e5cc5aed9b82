-- Binds the transaction to its organisation; ends with it.
select set_config('app.org', $1::uuid::text, true), now();
