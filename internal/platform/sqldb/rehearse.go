package sqldb

import "errors"

// errRehearsal rolls back a Write that was only to be tried.
var errRehearsal = errors.New("rehearsal")

// Rehearse ends the function of a Write: with dryRun it makes the database
// undo what was done, so that everything was checked and nothing is kept.
func Rehearse(dryRun bool, err error) error {
	if err == nil && dryRun {
		return errRehearsal
	}
	return err
}

// Exists reports whether a row was found, from the results of reading it.
func Exists[T any](_ T, err error) (bool, error) {
	if errors.Is(err, ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
