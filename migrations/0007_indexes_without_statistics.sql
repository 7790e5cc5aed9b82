-- Right after a first import there are no statistics, and every index that begins with org_id looks equally good. So an index that is
-- not the primary key begins with what it is for.
drop index match_keys_subject;
create index match_keys_subject on match_keys (subject_id, org_id, kind);
drop index records_list;
create index records_list on records (connection_id, id) where deleted_at is null;
drop index contacts_list;
create index contacts_list on contacts (list_id, id);
drop index contacts_owner;
create index contacts_owner on contacts (owner_id, id);
