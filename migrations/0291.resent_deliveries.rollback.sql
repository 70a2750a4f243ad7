alter table delivery drop column resent_at, drop column attempts_before;
