-- What nobody warns of any more begins anew when it comes back.
delete from warning_marks where org_id = $1 and id <> all ($2);
