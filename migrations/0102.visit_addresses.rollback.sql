comment on column visit.address is null;
