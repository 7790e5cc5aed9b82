-- Records that were split off from a contact's cluster: which pairs that decided, so that it can be taken back.
alter table duplicate_pairs add column split_of uuid; -- the contact
alter table duplicate_pairs add column split_off uuid; -- the record
alter table duplicate_pairs add check (split_of is null or (decided = 'different' and split_off in (left_id, right_id)));
alter table duplicate_pairs add foreign key (org_id, split_of) references contacts (org_id, id) on delete set null (split_of);
create index duplicate_pairs_split_of on duplicate_pairs (org_id, split_of) where split_of is not null;
