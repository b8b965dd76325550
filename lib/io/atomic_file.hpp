/// Results that appear whole or not at all: a killed run, a full disk or an unwritable folder leave what was
/// there.
///
/// Both variants build under a temporary name beside the target (the same file system, so rename(2) is
/// atomic), flush to disk and rename at `commit`. Without `commit` the destructor removes the temporary.
/// Verified by tests under RLIMIT_FSIZE and in an unwritable folder.
#pragma once

#include <string>
#include <string_view>

namespace photonlink {

/// Writes `content` to `path` or throws and leaves the old file untouched. A file-size limit arrives as an
/// error, not as a killed process, from any number of threads at once.
/// @throws IoError naming path, cause and fix.
void write_file_atomically(const std::string& path, std::string_view content);

/// A file that another library writes by name: hand it `temporary_path()`, then `commit()`.
class AtomicFile {
 public:
  /// @throws IoError when the folder of `path` cannot be written.
  explicit AtomicFile(std::string path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  const std::string& temporary_path() const { return temporary_; }
  /// Flushes to disk and renames. @throws IoError
  void commit();

 private:
  std::string path_, temporary_;
};

/// A folder of results built beside its target and swapped in at the end.
///
/// The old folder is renamed aside, the new one renamed in, then the old one removed; if the second rename
/// fails the old folder is put back. Temporaries that dead processes left beside the target are removed
/// first.
class AtomicFolder {
 public:
  /// @throws IoError when the parent cannot be written or `path` exists and is no folder.
  explicit AtomicFolder(std::string path);
  ~AtomicFolder();
  AtomicFolder(const AtomicFolder&) = delete;
  AtomicFolder& operator=(const AtomicFolder&) = delete;
  /// Folder to write into until `commit`.
  const std::string& temporary_path() const { return temporary_; }
  /// @throws IoError with the old folder in place.
  void commit();

 private:
  std::string path_, temporary_;
};

}  // namespace photonlink
