package snippet

import (
	"fmt"
	"strings"
)

func python(c Call) string {
	var b strings.Builder
	fmt.Fprintf(&b, "import os\nimport sys\nimport urllib.error\nimport urllib.request\n\nkey = os.environ.get(%q)\nif not key:\n    sys.exit(\"isi dahulu %s dengan kunci API aplikasi Anda\")\n\n", KeyVariable, KeyVariable)
	fmt.Fprintf(&b, "request = urllib.request.Request(\n    %s,\n    method=%s,\n    headers={\n        \"X-API-Key\": key,\n", inGo(c.URL), inGo(c.Method))
	for _, f := range c.fields() {
		fmt.Fprintf(&b, "        %s: %s,\n", inGo(f.Name), inGo(f.Value))
	}
	b.WriteString("    },\n")
	if c.Body != "" {
		fmt.Fprintf(&b, "    data=%s.encode(\"utf-8\"),\n", inGo(c.Body))
	}
	b.WriteString(`)
try:
    with urllib.request.urlopen(request, timeout=30) as answer:
        print(answer.read().decode("utf-8"))
except urllib.error.HTTPError as error:
    sys.exit(f"{error.code}, Exchange-Id {error.headers.get('Exchange-Id')}: {error.read().decode('utf-8')}")
except urllib.error.URLError as error:
    sys.exit(f"gerbang tidak terjangkau: {error.reason}")
`)
	return b.String()
}
