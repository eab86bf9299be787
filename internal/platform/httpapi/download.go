package httpapi

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"simpul"
)

// Slow is how long an answer may take that is made from millions of rows, from the
// first question of the database to the last byte.
const Slow = 10 * time.Minute

// Wait gives an answer so long, where the listener allows less. The time for the
// request ends with it: once that is over, a server takes the caller for gone.
func Wait(w http.ResponseWriter, long time.Duration) {
	until, control := time.Now().Add(long), http.NewResponseController(w)
	_ = control.SetReadDeadline(until) // a server that cannot set it has no such bound
	_ = control.SetWriteDeadline(until)
}

// Begin starts a file, once it is certain what it is, and returns where it is
// written to.
type Begin func(mediaType, disposition string) io.Writer

// RegisterFile adds an operation that answers with a file, which is written while
// it is made. What fails before the file begins is a problem document; what fails
// after that breaks the answer off, so that the file does not look whole.
func RegisterFile[I any](a *API, op Operation, handle func(context.Context, simpul.Principal, *I, Begin) error) {
	a.operations = append(a.operations, op)
	described := a.describe(op)
	described.Responses["200"] = &huma.Response{Description: "The file", Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}
	huma.Register(a.huma, described, func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
		return &huma.StreamResponse{Body: func(of huma.Context) {
			_, w := humago.Unwrap(of)
			if err := Download(w, func(begin Begin) error { return handle(ctx, principalOf(ctx), in, begin) }); err != nil {
				a.problem(ctx, op, err).Write(w)
			}
		}}, nil
	})
}

// Download answers with a file, which is written while it is made, and gives it
// time. It returns what failed before the file began.
func Download(w http.ResponseWriter, write func(Begin) error) error {
	Wait(w, Slow)
	begun := false
	err := write(func(mediaType, disposition string) io.Writer {
		begun = true
		w.Header().Set("Content-Type", mediaType)
		w.Header().Set("Content-Disposition", disposition)
		w.Header().Set("Cache-Control", "no-store")
		return w
	})
	if err != nil && begun {
		panic(http.ErrAbortHandler) // the file must not look whole
	}
	return err
}
