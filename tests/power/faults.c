/* Loaded with LD_PRELOAD: counts what reaches the disk, and ends the process or fails there.
 *
 * Counted are calls that change files: write, pwrite, fsync, fdatasync, ftruncate, rename, unlink.
 * Pipes and terminals are left alone.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { COUNT = 0, KILL = 1, FAIL_ONCE = 2, FULL_FROM_HERE = 3 };
static int mode = COUNT;
static long at = 0, counted = 0;

void cxr_arm(int how, long where) {
    mode = how;
    at = where;
    counted = 0;
}

long cxr_counted(void) { return counted; }

/* Whether this call fails; errno is set then. */
static int strikes(void) {
    counted++;
    if (mode == KILL && counted == at) kill(getpid(), SIGKILL);
    if (mode == FAIL_ONCE && counted == at) {
        errno = EIO;
        return 1;
    }
    if (mode == FULL_FROM_HERE && counted >= at) {
        errno = ENOSPC;
        return 1;
    }
    return 0;
}

static int is_file(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__) = NULL; \
    if (real == NULL) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *data, size_t size) {
    REAL(ssize_t, write, int, const void *, size_t);
    if (is_file(fd) && strikes()) return -1;
    return real(fd, data, size);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t where) {
    REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
    if (is_file(fd) && strikes()) return -1;
    return real(fd, data, size, where);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t where) {
    REAL(ssize_t, pwrite, int, const void *, size_t, off_t);
    if (is_file(fd) && strikes()) return -1;
    return real(fd, data, size, where);
}

int fsync(int fd) {
    REAL(int, fsync, int);
    if (strikes()) return -1;
    return real(fd);
}

int fdatasync(int fd) {
    REAL(int, fdatasync, int);
    if (strikes()) return -1;
    return real(fd);
}

int ftruncate64(int fd, off64_t size) {
    REAL(int, ftruncate64, int, off64_t);
    if (strikes()) return -1;
    return real(fd, size);
}

int ftruncate(int fd, off_t size) {
    REAL(int, ftruncate, int, off_t);
    if (strikes()) return -1;
    return real(fd, size);
}

int rename(const char *from, const char *to) {
    REAL(int, rename, const char *, const char *);
    if (strikes()) return -1;
    return real(from, to);
}

int unlink(const char *path) {
    REAL(int, unlink, const char *);
    /* Removing frees space: it works on a full disk. */
    if (mode != FULL_FROM_HERE && strikes()) return -1;
    return real(path);
}
