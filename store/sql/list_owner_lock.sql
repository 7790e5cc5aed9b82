-- Two first uploads of one person at the same time must not make two lists.
select id from users where org_id = $1 and id = $2 for no key update;
