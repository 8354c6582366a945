#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C"
#endif
int judge(const char *body, size_t length);

/* Room for padding behind the body. */
static char body[(1 << 20) + 64];

int main(void) {
  size_t length = fread(body, 1, 1 << 20, stdin);
  return judge(body, length) ? 0 : 1;
}
