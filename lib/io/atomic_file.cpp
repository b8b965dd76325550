#include "io/atomic_file.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <vector>

#include "core/error.hpp"

namespace photonlink {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view marker = ".photonlink-partial-";
constexpr std::string_view old_suffix = "-old";

std::string fix_for(int error) {
  switch (error) {
    case EACCES:
    case EPERM:
    case EROFS:
      return "choose a folder you may write to";
    case ENOSPC:
    case EDQUOT:
      return "free space or write to another disk";
    case EFBIG:
      return "raise the file size limit (ulimit -f) or write to another disk";
    case ENOENT:
      return "create the folder first";
    case ENOTDIR:
      return "a part of the path is a file, choose another one";
    case EISDIR:
      return "give the name of a file, not of a folder";
    default:
      return "check the disk and the path";
  }
}

[[noreturn]] void fail(const std::string& path, int error) {
  throw IoError(fmt::format("'{}': cannot write: {}; {}", path, std::strerror(error), fix_for(error)));
}

/// Holds SIGXFSZ back from this thread in its scope, so that write(2) reports EFBIG instead of ending the
/// process. By the mask of the thread, not by a handler: handlers belong to the process, and the first of
/// several writers to finish would put the deadly one back under the others.
class HoldSizeSignal {
 public:
  HoldSizeSignal() {
    sigemptyset(&held_);
    sigaddset(&held_, SIGXFSZ);
    pthread_sigmask(SIG_BLOCK, &held_, &before_);
  }
  ~HoldSizeSignal() {
    if (sigismember(&before_, SIGXFSZ) == 1) return;  // the caller's to deal with
    // The kernel sends the signal to the thread that writes: what waits is of this scope.
    const timespec at_once{};
    while (sigtimedwait(&held_, nullptr, &at_once) < 0 && errno == EINTR) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  HoldSizeSignal(const HoldSizeSignal&) = delete;
  HoldSizeSignal& operator=(const HoldSizeSignal&) = delete;

 private:
  sigset_t held_{}, before_{};
};

/// ".name.photonlink-partial-<pid>-<n>" beside `path`; the pid tells living writers from dead ones.
std::string temporary_name(const std::string& path) {
  static std::atomic<unsigned> counter{0};
  const fs::path target(path);
  return (target.parent_path() /
          fmt::format(".{}{}{}-{}", target.filename().string(), marker, getpid(), counter++))
      .string();
}

std::string without_trailing_slash(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

fs::path parent_of(const std::string& path) {
  const fs::path parent = fs::path(path).parent_path();
  return parent.empty() ? fs::path(".") : parent;
}

void sync_path(const std::string& shown, const std::string& path, int flags) {
  const int descriptor = open(path.c_str(), flags | O_CLOEXEC);
  if (descriptor < 0) fail(shown, errno);
  const int error = fsync(descriptor) == 0 ? 0 : errno;
  close(descriptor);
  // Some file systems refuse fsync on folders; the rename has happened all the same.
  if (error != 0 && !(error == EINVAL && (flags & O_DIRECTORY) != 0)) fail(shown, error);
}

void sync_folder_of(const std::string& path) {
  sync_path(path, parent_of(path).string(), O_RDONLY | O_DIRECTORY);
}

void write_all(int descriptor, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t written = write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(path, errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

bool writer_is_alive(std::string_view pid_text) {
  int pid = 0;
  std::from_chars(pid_text.data(), pid_text.data() + pid_text.size(), pid);
  return pid > 0 && (kill(pid, 0) == 0 || errno == EPERM);
}

/// Removes what killed runs left for this target; an old result that lost its name comes back.
void clean_stale(const std::string& path) {
  const std::string prefix = fmt::format(".{}{}", fs::path(path).filename().string(), marker);
  std::error_code ignored;
  std::vector<fs::path> stale;
  for (const auto& entry : fs::directory_iterator(parent_of(path), ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(prefix) && !writer_is_alive(std::string_view(name).substr(prefix.size())))
      stale.push_back(entry.path());
  }
  for (const fs::path& entry : stale) {
    if (entry.string().ends_with(old_suffix) && !fs::exists(path))
      fs::rename(entry, path, ignored);
    else
      fs::remove_all(entry, ignored);
  }
}

}  // namespace

void write_file_atomically(const std::string& path, std::string_view content) {
  const HoldSizeSignal guard;
  AtomicFile file(path);
  const int descriptor = open(file.temporary_path().c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
  if (descriptor < 0) fail(path, errno);
  try {
    write_all(descriptor, content, path);
  } catch (...) {
    close(descriptor);
    throw;
  }
  if (close(descriptor) != 0) fail(path, errno);
  file.commit();
}

AtomicFile::AtomicFile(std::string path) : path_(std::move(path)), temporary_(temporary_name(path_)) {
  if (fs::is_directory(path_)) fail(path_, EISDIR);
  const int descriptor = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) fail(path_, errno);
  close(descriptor);
}

AtomicFile::~AtomicFile() {
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

void AtomicFile::commit() {
  sync_path(path_, temporary_, O_RDONLY);
  if (rename(temporary_.c_str(), path_.c_str()) != 0) fail(path_, errno);
  temporary_.clear();
  sync_folder_of(path_);
}

AtomicFolder::AtomicFolder(std::string path) : path_(without_trailing_slash(std::move(path))) {
  clean_stale(path_);
  if (fs::exists(path_) && !fs::is_directory(path_))
    throw IoError(
        fmt::format("'{}': is a file, results need a folder; remove it or choose another name", path_));
  std::error_code error;
  fs::create_directories(parent_of(path_), error);
  if (error) fail(path_, error.value());
  temporary_ = temporary_name(path_);
  if (mkdir(temporary_.c_str(), 0777) != 0) {
    const int cause = errno;
    temporary_.clear();
    fail(path_, cause);
  }
}

AtomicFolder::~AtomicFolder() {
  std::error_code ignored;
  if (!temporary_.empty()) fs::remove_all(temporary_, ignored);
}

void AtomicFolder::commit() {
  for (const auto& entry : fs::recursive_directory_iterator(temporary_))
    sync_path(path_, entry.path().string(), entry.is_directory() ? O_RDONLY | O_DIRECTORY : O_RDONLY);
  const std::string aside = temporary_ + std::string(old_suffix);
  const bool replaces = fs::exists(path_);
  if (replaces && rename(path_.c_str(), aside.c_str()) != 0) fail(path_, errno);
  if (rename(temporary_.c_str(), path_.c_str()) != 0) {
    const int cause = errno;
    if (replaces && rename(aside.c_str(), path_.c_str()) != 0)
      throw IoError(fmt::format("'{}': cannot write: {}; the old results are in '{}'", path_,
                                std::strerror(cause), aside));
    fail(path_, cause);
  }
  temporary_.clear();
  std::error_code ignored;
  if (replaces) fs::remove_all(aside, ignored);
  sync_folder_of(path_);
}

}  // namespace photonlink
