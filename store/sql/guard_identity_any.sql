select guard_identity_any();
