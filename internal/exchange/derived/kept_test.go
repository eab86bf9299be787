package derived

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/web"
)

// keptShelf is a view that is not dropped.
type keptShelf struct{ shelf }

func (*keptShelf) Kept() *simpul.Error {
	return &simpul.Error{Code: simpul.CodeConflict, Message: simpul.Text{ID: "Rak ini ditandatangani.", EN: "This shelf is signed."}, Remedy: simpul.Text{ID: "Jalankan simpul fsck.", EN: "Run simpul fsck."}}
}

// Nobody is offered what is refused then.
func TestAViewThatIsKeptIsNotOffered(t *testing.T) {
	at := &shelf{name: "index"}
	s := New(testkit.SQLite(t), at, func() time.Time { return noon }, at, &keptShelf{shelf{name: "log"}})
	who := simpul.Acting("t-1", simpul.RoleOperator, "")
	mux := http.NewServeMux()
	NewPages(s, web.Gate{SignIn: "/masuk", Visitor: func(context.Context) (simpul.Principal, bool) { return who, true }}).Register(mux)
	get := func(path string) (int, string) {
		w := httptest.NewRecorder()
		web.Localize(mux).ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w.Code, w.Body.String()
	}
	status, page := get(Path)
	if status != http.StatusOK || !strings.Contains(page, "Rak ini ditandatangani.") || !strings.Contains(page, "Jalankan simpul fsck.") || !strings.Contains(page, rebuildPath("index")) || strings.Contains(page, rebuildPath("log")) {
		t.Errorf("%d %s", status, page)
	}
	if status, page := get(rebuildPath("log")); status != http.StatusConflict || !strings.Contains(page, "Rak ini ditandatangani.") || strings.Contains(page, "Buang dan bangun ulang") {
		t.Errorf("%d %s", status, page)
	}
}
