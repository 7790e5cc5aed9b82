select org_id, id from guard_write_back_due();
