package httpapi_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/httpapi"
)

type fileInput struct {
	Name string `query:"name"`
	httpapi.Upload
}

type fileOutput struct {
	Body struct {
		Name string `json:"name"`
		Size int64  `json:"size"`
	}
}

// uploads is an API that takes files of at most 2 MiB.
func uploads() *http.ServeMux {
	mux := http.NewServeMux()
	api := httpapi.New(mux, "1", allow{}, slog.New(slog.DiscardHandler))
	split := simpul.Text{ID: "Bagi dua.", EN: "Divide it in two."}
	httpapi.Register(api, httpapi.Operation{ID: "send", Method: http.MethodPost, Path: "/files", Need: simpul.OwnAccount, MaxBody: 2 << 20, Upload: true, Split: split, Status: http.StatusOK},
		func(_ context.Context, _ simpul.Principal, in *fileInput) (*fileOutput, error) {
			out := &fileOutput{}
			var err error
			out.Body.Name = in.Name
			out.Body.Size, err = io.Copy(io.Discard, in.File())
			return out, err
		})
	return mux
}

type allow struct{}

func (allow) Principal(_ context.Context, token simpul.Secret) (simpul.Principal, error) {
	if token.Reveal() == "nobody" {
		return simpul.Principal{}, nil
	}
	return simpul.TheHub(), nil
}

// chunk is a body that ends early when broken says so.
type chunk struct {
	left   int64
	broken bool
}

func (c *chunk) Read(b []byte) (int, error) {
	switch {
	case c.left == 0 && c.broken:
		return 0, io.ErrUnexpectedEOF
	case c.left == 0:
		return 0, io.EOF
	}
	n := min(int64(len(b)), c.left)
	c.left -= n
	return int(n), nil
}

func TestFilesAreReceived(t *testing.T) {
	mux := uploads()
	for _, c := range []struct {
		name, token string
		body        io.Reader
		status      int
		says        string
	}{
		{"all that is allowed", "somebody", &chunk{left: 2 << 20}, 200, `"size":2097152`},
		{"empty", "somebody", &chunk{}, 200, `"size":0`},
		{"one byte more", "somebody", &chunk{left: 2<<20 + 1}, 413, "2 MiB"},
		{"how to divide it", "somebody", &chunk{left: 3 << 20}, 413, "Divide it in two."},
		{"broken off", "somebody", &chunk{left: 10, broken: true}, 400, `"location":"body"`},
		{"of nobody, unread", "nobody", strings.NewReader("x"), 403, "denied"},
	} {
		r := httptest.NewRequest("POST", "/api/v1/files?name=a", c.body)
		r.Header.Set("Authorization", "Bearer "+c.token)
		r.Header.Set("Accept-Language", "en")
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		if c.name == "broken off" {
			c.says = "broke off"
		}
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("%s: %d %s", c.name, w.Code, w.Body)
		}
	}
}

// Each wrong place of a file is told.
func TestAllFaultsAreTold(t *testing.T) {
	var faults simpul.Faults
	for _, place := range []string{"line 2", "line 5"} {
		faults.Add(simpul.Invalid(place, simpul.Text{ID: "salah " + place, EN: "wrong " + place}, simpul.Text{ID: "perbaiki", EN: "mend"}))
	}
	p := httpapi.ProblemOf(faults.Err(), simpul.English)
	if len(p.Errors) != 2 || p.Errors[1] != (httpapi.Place{Location: "line 5", Message: "wrong line 5"}) || p.Status != 400 {
		t.Errorf("got %+v", p)
	}
}
