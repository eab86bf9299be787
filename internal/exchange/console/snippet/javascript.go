package snippet

import (
	"fmt"
	"strings"
)

func javascript(c Call) string {
	var b strings.Builder
	fmt.Fprintf(&b, "const key = process.env.%s;\nif (!key) {\n  console.error(\"isi dahulu %s dengan kunci API aplikasi Anda\");\n  process.exit(1);\n}\n\n", KeyVariable, KeyVariable)
	fmt.Fprintf(&b, "const answer = await fetch(%s, {\n  method: %s,\n  headers: {\n    \"X-API-Key\": key,\n", inJavaScript(c.URL), inJavaScript(c.Method))
	for _, f := range c.fields() {
		fmt.Fprintf(&b, "    %s: %s,\n", inJavaScript(f.Name), inJavaScript(f.Value))
	}
	b.WriteString("  },\n")
	if c.Body != "" {
		fmt.Fprintf(&b, "  body: %s,\n", inJavaScript(c.Body))
	}
	b.WriteString(`  signal: AbortSignal.timeout(30_000),
});
const text = await answer.text();
if (!answer.ok) {
  console.error(` + "`${answer.status}, Exchange-Id ${answer.headers.get(\"Exchange-Id\")}: ${text}`" + `);
  process.exit(1);
}
console.log(text);
`)
	return b.String()
}
