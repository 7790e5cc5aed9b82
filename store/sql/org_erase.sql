select guard_org_erase($1);
