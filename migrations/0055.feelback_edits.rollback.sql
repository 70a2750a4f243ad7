drop index content_score_project_idx;
drop table feelback_edit;
