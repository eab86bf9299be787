package witness

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

// sizeType is the media type of the size of a tree (C2SP tlog-witness).
const sizeType = "text/x.tlog.size"

// Handler serves the witness: add-checkpoint for logs, a page of text for people,
// healthz for whoever watches over it.
func (r *Role) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /add-checkpoint", r.addCheckpoint)
	mux.HandleFunc("GET /{$}", r.about)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok\n") })
	return mux
}

func (r *Role) addCheckpoint(w http.ResponseWriter, q *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, q.Body, MaxSubmission))
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		http.Error(w, "the submission is too long", http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		http.Error(w, "the submission did not arrive whole", http.StatusBadRequest)
		return
	}
	s, err := ParseSubmission(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	line, err := r.Add(s)
	if err != nil {
		r.fail(q.Context(), w, err)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	io.WriteString(w, line)
}

// fail answers with a refusal. What weighs is logged: a log that shows another
// tree may be lying, and its submission is the proof of it.
func (r *Role) fail(ctx context.Context, w http.ResponseWriter, err error) {
	no, ok := errors.AsType[*refusal](err)
	if !ok {
		no = &refusal{status: http.StatusInternalServerError, err: err}
	}
	switch {
	case no.sized:
		w.Header().Set("Content-Type", sizeType)
		w.WriteHeader(no.status)
		fmt.Fprintf(w, "%d\n", no.size)
	case no.status >= 500:
		http.Error(w, "the witness cannot cosign at the moment", no.status)
	default:
		if no.status == http.StatusConflict || no.status == http.StatusUnprocessableEntity {
			r.log.WarnContext(ctx, "a submission was refused", "why", no.err)
		}
		http.Error(w, no.err.Error(), no.status)
	}
}

// about tells people whom they talk to.
func (r *Role) about(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	var b strings.Builder
	fmt.Fprintf(&b, "# Saksi log transparansi / witness of transparency logs (C2SP tlog-witness)\n%s\n", r.Key().Line())
	all := r.Logs()
	slices.SortFunc(all, func(a, b Seen) int { return cmp.Compare(a.Origin, b.Origin) })
	for _, seen := range all {
		fmt.Fprintf(&b, "# %s: %d\n", seen.Origin, seen.Size)
	}
	io.WriteString(w, b.String())
}
