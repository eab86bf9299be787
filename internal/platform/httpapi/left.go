package httpapi

import (
	"context"
	"errors"
	"net/http"
)

// Left reports whether a request failed only because whoever asked went away
// before the answer. That is no fault of the hub's, and nobody reads the answer.
func Left(r *http.Request, err error) bool {
	return errors.Is(err, context.Canceled) && r.Context().Err() != nil
}
