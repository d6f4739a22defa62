-- New versions of what another model understood. `understood`: as the table, one row an item.
INSERT INTO understandings BY NAME
SELECT n.*, u.key FROM understood n JOIN readings u USING (item_id) WHERE u.model_version <> n.model_version
