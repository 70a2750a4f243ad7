drop table retention_result, reconcile_result;
delete from reconciliation where placement_id is null or option_no is null or counted is null or actual is null;
alter table reconciliation
    alter column placement_id set not null,
    alter column option_no set not null,
    alter column counted set not null,
    alter column actual set not null,
    drop column project_id,
    drop column key,
    drop column stored,
    drop column recounted;
