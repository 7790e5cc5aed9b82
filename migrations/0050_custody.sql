-- Whose a record is in its CRM, and when and by whom it was last changed there: names of colleagues, so it is sealed, and goes with the
-- record. Empty: the CRM never said.
alter table records add column custody bytea;
call sealed('records', '{custody}');
