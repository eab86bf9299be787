package catalog

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"simpul"
)

func TestANoteStandsOnThePageOfItsLID(t *testing.T) {
	pages := pagesOver(t, "https://hub.example.go.id", fewLIDs()...)
	pages.Annotate(func(_ context.Context, l *LID) (Note, bool) {
		return Note{Title: simpul.Text{ID: "Terbit dengan pengecualian", EN: "Published with a waiver"}, Text: hostile, By: "op@hub", At: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}, l.Address == "master/Kota"
	})
	mux := http.NewServeMux()
	pages.Register(mux)
	for path, want := range map[string]bool{"/catalog/master/Kota": true, "/catalog/master/Provinsi": false} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		body := w.Body.String()
		if strings.Contains(body, "Terbit dengan pengecualian") != want || strings.Contains(body, "op@hub") != want || strings.Contains(body, "<script>alert") {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}
