-- That somebody looked at something that is masked.
INSERT INTO audit ("at", actor, action, subject) VALUES ($at, $actor, $action, $subject)
