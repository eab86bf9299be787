package httpapi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
)

type downloadInput struct {
	Fail string `query:"fail"`
}

// downloads is an API that gives one file, and fails when it is told to.
func downloads() *http.ServeMux {
	mux := http.NewServeMux()
	api := httpapi.New(mux, "1", allow{}, slog.New(slog.DiscardHandler))
	httpapi.RegisterFile(api, httpapi.Operation{ID: "get-file", Method: http.MethodGet, Path: "/file", Need: simpul.OwnAccount},
		func(_ context.Context, _ simpul.Principal, in *downloadInput, begin httpapi.Begin) error {
			if in.Fail == "before" {
				return simpul.NotFound(simpul.Text{ID: "Berkas", EN: "File"}, "x")
			}
			w := begin("text/csv", `attachment; filename="x.csv"`)
			io.WriteString(w, "a,b\n")
			if in.Fail == "after" {
				return errors.New("the database went away")
			}
			return nil
		})
	return mux
}

func TestFilesAreWrittenWhileTheyAreMade(t *testing.T) {
	ask := func(query string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "/api/v1/file"+query, nil)
		r.Header.Set("Authorization", "Bearer x")
		w := httptest.NewRecorder()
		downloads().ServeHTTP(w, r)
		return w
	}
	w := ask("")
	if w.Code != http.StatusOK || w.Body.String() != "a,b\n" || w.Header().Get("Content-Type") != "text/csv" || !strings.Contains(w.Header().Get("Content-Disposition"), "x.csv") || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v %q", w.Code, w.Header(), w.Body)
	}
	w = ask("?fail=before")
	if w.Code != http.StatusNotFound || w.Header().Get("Content-Type") != "application/problem+json" || w.Header().Get("Content-Disposition") != "" {
		t.Errorf("%d %v %q", w.Code, w.Header(), w.Body)
	}
	defer func() {
		if p := recover(); p != http.ErrAbortHandler {
			t.Errorf("a file that broke off ended with %v", p)
		}
	}()
	ask("?fail=after")
}

type slowOutput struct {
	Body struct {
		Done bool `json:"done"`
	}
}

// An operation that is slow outlives the listener's own bounds, one that is not ends
// with them. The bounds are of a server, so that they are real.
func TestSlowAnswers(t *testing.T) {
	mux := http.NewServeMux()
	api := httpapi.New(mux, "1", allow{}, slog.New(slog.DiscardHandler))
	for _, slow := range []bool{true, false} {
		httpapi.Register(api, httpapi.Operation{ID: fmt.Sprint("slow-", slow), Method: http.MethodPost, Path: fmt.Sprint("/", slow), Need: simpul.OwnAccount, Slow: slow, Status: http.StatusOK},
			func(ctx context.Context, _ simpul.Principal, _ *struct{}) (*slowOutput, error) {
				timer := time.NewTimer(4 * bound)
				defer timer.Stop()
				select {
				case <-timer.C:
					out := &slowOutput{}
					out.Body.Done = true
					return out, nil
				case <-ctx.Done():
					return nil, ctx.Err()
				}
			})
	}
	server := httptest.NewUnstartedServer(mux)
	server.Config.ReadTimeout, server.Config.WriteTimeout = bound, bound
	server.Start()
	defer server.Close()
	for path, want := range map[string]bool{"/api/v1/true": true, "/api/v1/false": false} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer x")
		answer, err := server.Client().Do(r)
		if got := err == nil && answer.StatusCode == http.StatusOK; got != want {
			t.Errorf("%s: answered %v, %v", path, got, err)
		}
		if err == nil {
			answer.Body.Close()
		}
	}
}

const bound = 50 * time.Millisecond
